# What the shell functions run: python -I -S start.py ARGUMENTS. Four lines, since a script is compiled at each start.
import sys

sys.path.append(__file__.rpartition("/awsx/")[0])
from awsx.__main__ import main

main()
