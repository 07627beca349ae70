"""moto's server on a free loopback port, for as long as standard input stays open.

The port is bound here and told on standard output, so no other program can take it in between.
Whoever started this holds the other end of standard input: however that process ends, killed
included, the pipe closes and the server goes with it.
"""

import sys
from urllib.request import urlopen

from moto.server import ThreadedMotoServer


def main() -> None:
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    _, port = server.get_host_and_port()
    urlopen(f"http://127.0.0.1:{port}/moto-api/", timeout=30).close()
    print(port, flush=True)
    # Nobody reads standard output from here on.
    sys.stdout = sys.stderr
    sys.stdin.read()
    server.stop()


main()
