# What the shell functions run: python -I -S start.py ARGUMENTS. A few lines, since a script is
# compiled at each start.
import _signal
import sys

if (
    _signal.getsignal(_signal.SIGINT) is _signal.default_int_handler
):  # Ctrl-C from now on: no word, no traceback
    _signal.signal(_signal.SIGINT, _signal.SIG_DFL)
sys.path.append(__file__.rpartition("/awsx/")[0])
from awsx.__main__ import main

main()
