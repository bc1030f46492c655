"""What a person may have meant by a name that is no profile's. Loaded where that is asked alone."""

from awsx.term import clean, near

OTHER_CASE = "upper and lower case count: {}"
WITHOUT = "{} is one, without the {}"
ALL_PROFILES = "all of them: awsx ls"


def similar(name: str, names: list[str]) -> str:
    """The profiles of these names that come near to `name`, in words, or how to see all."""
    bare = "".join(c for c in name if c.isprintable()).strip()
    if bare != name and bare in names:
        return WITHOUT.format(clean(bare), _surplus(name, bare))
    same = [known for known in names if known.lower() == name.lower()]
    if same:
        return OTHER_CASE.format(", ".join(map(clean, same)))
    return near(name, names, ALL_PROFILES).removeprefix("; ")


def _surplus(name: str, bare: str) -> str:
    """What a name has that its bare form has not, in words."""
    if "\r" in name:
        return "carriage return, which ends each line of a file from Windows"
    return "blank" if name.replace(" ", "") == bare.replace(" ", "") else "control character"
