"""What a person sees of many profiles: rows, columns, and the picker that chooses one."""
