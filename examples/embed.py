#!/usr/bin/env python3
"""Loads manifests, matches one request, prints the decision; with ctypes alone.

    embed.py LIBRARY HOST PATH FILE...

LIBRARY is libgatewayapi.so.0 or a path to it. The structs are declared as the headers have them;
every one starts with its size, so a struct of an older header stays good.
"""
import ctypes
import sys
from ctypes import POINTER, byref, c_char_p, c_size_t, c_uint32, c_uint64, c_void_p

STANDARD, TLS = 1, 2


class Str(ctypes.Structure):
    _fields_ = [("data", c_char_p), ("len", c_size_t)]

    def __init__(self, text=None):
        raw = text.encode() if isinstance(text, str) else text
        super().__init__(raw, len(raw) if raw else 0)


class Sized(ctypes.Structure):
    """A struct whose first member is its own size."""

    def __init__(self, **members):
        super().__init__(struct_size=ctypes.sizeof(self), **members)


class Source(Sized):
    _fields_ = [("struct_size", c_size_t), ("name", Str), ("bytes", c_char_p), ("len", c_size_t),
                ("format", c_uint32), ("mode", c_uint32), ("flags", c_uint32), ("old", c_void_p)]


class Arrival(Sized):
    _fields_ = [("struct_size", c_size_t), ("gateway_namespace", Str), ("gateway_name", Str), ("address", Str),
                ("sni", Str), ("client_namespace", Str), ("service_namespace", Str), ("service_name", Str),
                ("port", c_uint32), ("transport", c_uint32)]


class Connection(Sized):
    _fields_ = [("struct_size", c_size_t), ("snapshot", c_void_p)] + [
        (name, c_uint32) for name in ("outcome", "reason", "transport", "tls_mode", "listener", "route", "rule",
                                      "port", "mesh", "service_port", "mesh_role", "door", "table", "reserved")]


class Header(ctypes.Structure):
    _fields_ = [("name", Str), ("value", Str)]


class Request(Sized):
    _fields_ = [("struct_size", c_size_t), ("method", Str), ("host", Str), ("path", Str),
                ("headers", POINTER(Header)), ("header_count", c_size_t), ("getter", c_void_p),
                ("path_policy", c_uint32), ("flags", c_uint32)]


class Decision(Sized):
    _fields_ = [("struct_size", c_size_t), ("snapshot", c_void_p)] + [
        (name, c_uint32) for name in ("outcome", "reason", "flags", "status", "grpc_status", "listener", "route",
                                      "rule", "match", "match_entry", "chosen", "port", "transport", "path_policy",
                                      "mesh", "service_port", "mesh_role", "reserved")] + [("random", c_uint64)]


class Library:
    def __init__(self, path):
        self.c = ctypes.CDLL(path)
        self.c.gwapi_result_text.restype = c_char_p
        for name in ("gwapi_report_free", "gwapi_schema_free", "gwapi_resources_free", "gwapi_topology_release",
                     "gwapi_snapshot_release", "gwapi_scratch_free"):
            getattr(self.c, name).restype = None

    def call(self, name, *arguments):
        """Calls a function that returns a gwapi_result; anything but GWAPI_OK is an exception."""
        result = getattr(self.c, name)(*arguments)
        if result != 0:
            raise RuntimeError(f"{name}: {self.c.gwapi_result_text(result).decode()}")

    def make(self, name, *arguments):
        """Calls a constructor: what it makes comes through its first argument."""
        out = c_void_p()
        self.call(name, byref(out), *arguments)
        return out


def main(path, host, target, files):
    lib = Library(path)
    schema = lib.make("gwapi_schema_new", None)
    lib.call("gwapi_schema_add_builtin", schema, Str(), STANDARD)
    lib.call("gwapi_schema_seal", schema, None, c_size_t(0))
    resources = lib.make("gwapi_resources_new", schema, None)
    for name in files:
        with open(name, "rb") as f:
            content = f.read()
        source = Source(name=Str(name), bytes=content, len=len(content))
        lib.call("gwapi_resources_read", resources, byref(source), None)
    topology = lib.make("gwapi_topology_resolve", resources, None, None)
    snapshot = lib.make("gwapi_snapshot_compile", topology, None, None)
    scratch = lib.make("gwapi_scratch_new", snapshot, None)

    arrival = Arrival(sni=Str(host), port=443, transport=TLS)
    connection, decision = Connection(), Decision()
    request = Request(host=Str(host), path=Str(target))
    lib.call("gwapi_accept", snapshot, scratch, byref(arrival), byref(connection))
    lib.call("gwapi_match", snapshot, scratch, byref(connection), byref(request), byref(decision))
    lib.call("gwapi_decision_pick_backend", byref(decision), byref(request), c_uint64(1), None)

    # Ask for the length, then for the text.
    length = c_size_t()
    lib.c.gwapi_decision_write_buffer(byref(decision), byref(request), Str(), None, c_size_t(0), byref(length))
    text = ctypes.create_string_buffer(length.value)
    lib.call("gwapi_decision_write_buffer", byref(decision), byref(request), Str(), text, length, byref(length))
    print(text.raw[:length.value].decode())

    lib.c.gwapi_scratch_free(scratch)
    lib.c.gwapi_snapshot_release(snapshot)
    lib.c.gwapi_topology_release(topology)
    lib.c.gwapi_resources_free(resources)
    lib.c.gwapi_schema_free(schema)


if __name__ == "__main__":
    if len(sys.argv) < 5:
        sys.exit(__doc__)
    main(sys.argv[1], sys.argv[2], sys.argv[3], sys.argv[4:])
