# tries: to replace its own module by an object that answers everything
import sys
import types


class Everything(types.ModuleType):
    def __getattr__(self, name):
        return lambda *args, **kwargs: 1.0


sys.modules[__name__] = Everything("everything")
sys.modules[__name__].__class__ = Everything
