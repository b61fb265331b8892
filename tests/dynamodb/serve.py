"""Serves moto's DynamoDB on loopback, one request at a time, and writes its address to a file.

DynamoDB makes a conditional write in one step. moto checks the condition and writes in two, so with several threads two callers
could both be first. One request at a time keeps the promise of the service.
"""

import os
import sys

from moto.server import DomainDispatcherApplication, create_backend_app
from werkzeug.serving import make_server

server = make_server("127.0.0.1", 0, DomainDispatcherApplication(create_backend_app), threaded=False)
with open(sys.argv[1] + ".new", "w") as file:
    file.write(f"http://127.0.0.1:{server.server_port}")

os.replace(sys.argv[1] + ".new", sys.argv[1])
server.serve_forever()
