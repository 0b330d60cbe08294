#!/usr/bin/env python3
"""Runs a command with sockets as systemd hands them down (sd_listen_fds(3)): hand_down.py NAME=DESCRIPTOR… -- COMMAND…"""
import fcntl
import os
import sys

FIRST, OUT_OF_THE_WAY = 3, 200


def main(words):
    end = words.index('--')
    names, numbers = zip(*(word.rsplit('=', 1) for word in words[:end]))
    copies = [fcntl.fcntl(int(number), fcntl.F_DUPFD_CLOEXEC, OUT_OF_THE_WAY) for number in numbers]
    os.closerange(FIRST, OUT_OF_THE_WAY)
    for place, copy in enumerate(copies, FIRST):
        os.dup2(copy, place)
    os.environ.update(LISTEN_PID=str(os.getpid()), LISTEN_FDS=str(len(copies)), LISTEN_FDNAMES=':'.join(names))
    os.execvp(words[end + 1], words[end + 1:])


if __name__ == '__main__':
    main(sys.argv[1:])
