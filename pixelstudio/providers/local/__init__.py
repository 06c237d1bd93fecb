"""An image model in a folder of this machine, OpenVINO or diffusers: offered only when a folder is named, and never downloaded.

`catalogue` says what each family of models can do, `folder` looks what a folder holds, `drawing` is what a child runs (`with_openvino`,
`with_diffusers`), `provider` is the adapter, `accounts` makes it from the settings. What draws is no dependency of the studio: it is
imported in that child alone, and may lie in an environment of its own.
"""
