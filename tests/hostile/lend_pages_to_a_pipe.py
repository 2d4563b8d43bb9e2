# tries: to lend pages of memory to a pipe
import ctypes
import os

number = {"x86_64": 278, "aarch64": 75}[os.uname().machine]
block = ctypes.create_string_buffer(4096)
if (
    ctypes.CDLL(None).syscall(
        number,
        os.pipe()[1],
        ctypes.byref((ctypes.c_void_p * 2)(ctypes.addressof(block), 4096)),
        1,
        0,
    )
    >= 0
):
    raise RuntimeError("LOOT: " + "it worked")
