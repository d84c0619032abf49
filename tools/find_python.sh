#!/bin/sh
# Print a Python this project runs on, or say plainly what is missing. A name given as argument is the only one tried.
set -u
[ $# -gt 0 ] || set -- python3.13 python3.12 python3.11 python3 python
old='' bare=''
for name in "$@"; do
    # A name on the PATH may be a shim that starts nothing, so each one is asked.
    version=$("$name" -c 'import sys; print("%d.%d" % sys.version_info[:2])' 2>/dev/null) || continue
    case $version in
        3.11 | 3.12 | 3.13) ;;
        *) old="$old $name is $version;"; continue ;;
    esac
    if "$name" -c 'import ensurepip, venv' 2>/dev/null; then
        echo "$name"
        exit 0
    fi
    bare="$bare $name"
done
{
    if [ -n "$bare" ]; then
        echo "setup:$bare cannot make environments: the venv or ensurepip module is missing."
        echo "       On Debian and Ubuntu: apt-get install python3-venv"
    else
        echo "setup: no Python 3.11, 3.12 or 3.13 was found (tried: $*).${old:+ Found:$old}"
        echo "       Install one, or name it: make setup PYTHON=/path/to/python3.12"
    fi
} >&2
exit 1
