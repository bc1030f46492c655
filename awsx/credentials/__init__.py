"""Valid temporary credentials of a profile of any kind: kept, fetched, written for who asked."""
