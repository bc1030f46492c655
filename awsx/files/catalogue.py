"""awsx's catalogue: the profiles of `awsx populate --on-demand`, until a person chooses them.

There is one file for each config. It has the sections that the config would have, in one marked
block for each session, and a section moves to the config when its profile is first chosen: every
tool of AWS reads the whole config at each start.
"""

from awsx.files import disk
from awsx.files.profiles import Config, ConfigFile, Profile, Source

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from awsx.files import paths


class Catalogue(Config):
    """The catalogue, read as if it were the config."""

    def __init__(self, env: "Mapping[str, str]", places: "paths.Places") -> None:
        super().__init__(env, True, places)
        self.config, self.credentials = _Own(places.catalogue), Source("")

    def _find(self, name: str) -> Profile | None:
        # awsx spells every name plainly: what is not found so is not there.
        section = self.config.find("profile", name)
        return Profile(name, self, section, None) if section else None


class _Own(ConfigFile):
    """A file that nobody but this person may have written."""

    @property
    def data(self) -> bytes:
        if self._data is None:
            self._data = disk.read_own(self.path)
        return self._data
