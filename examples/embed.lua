-- Loads manifests, matches one request, prints the decision; with LuaJIT's FFI alone.
--
--   luajit embed.lua LIBRARY HOST PATH FILE...
--
-- LIBRARY is libgatewayapi.so.0 or a path to it. No callback is needed anywhere.
local ffi = require("ffi")

ffi.cdef [[
typedef struct { const char *data; size_t len; } gwapi_str;
typedef struct {
    size_t struct_size; gwapi_str name; const void *bytes; size_t len;
    uint32_t format, mode, flags; const void *old;
} gwapi_source;
typedef struct {
    size_t struct_size;
    gwapi_str gateway_namespace, gateway_name, address, sni;
    gwapi_str client_namespace, service_namespace, service_name;
    uint32_t port, transport;
} gwapi_arrival;
typedef struct {
    size_t struct_size; const void *snapshot;
    uint32_t outcome, reason, transport, tls_mode, listener, route, rule, port;
    uint32_t mesh, service_port, mesh_role, door, table, reserved;
} gwapi_connection;
typedef struct { gwapi_str name, value; } gwapi_header;
typedef struct {
    size_t struct_size; gwapi_str method, host, path;
    const gwapi_header *headers; size_t header_count; const void *getter;
    uint32_t path_policy, flags;
} gwapi_request;
typedef struct {
    size_t struct_size; const void *snapshot;
    uint32_t outcome, reason, flags, status, grpc_status, listener, route, rule;
    uint32_t match, match_entry, chosen, port, transport, path_policy;
    uint32_t mesh, service_port, mesh_role, reserved;
    uint64_t random;
} gwapi_decision;

const char *gwapi_result_text(int32_t);
int32_t gwapi_schema_new(void **, const void *);
int32_t gwapi_schema_add_builtin(void *, gwapi_str, uint32_t);
int32_t gwapi_schema_seal(void *, const gwapi_str *, size_t);
void gwapi_schema_free(void *);
int32_t gwapi_resources_new(void **, const void *, const void *);
int32_t gwapi_resources_read(void *, const gwapi_source *, void *);
void gwapi_resources_free(void *);
int32_t gwapi_topology_resolve(void **, const void *, const void *, void *);
void gwapi_topology_release(void *);
int32_t gwapi_snapshot_compile(void **, const void *, const void *, void *);
void gwapi_snapshot_release(const void *);
int32_t gwapi_scratch_new(void **, const void *, const void *);
void gwapi_scratch_free(void *);
int32_t gwapi_accept(const void *, void *, const gwapi_arrival *, gwapi_connection *);
int32_t gwapi_match(const void *, void *, const gwapi_connection *, const gwapi_request *, gwapi_decision *);
int32_t gwapi_decision_pick_backend(gwapi_decision *, const gwapi_request *, uint64_t, uint32_t *);
int32_t gwapi_decision_write_buffer(const gwapi_decision *, const gwapi_request *, gwapi_str, char *, size_t, size_t *);
]]

local STANDARD, TLS = 1, 2

if #arg < 4 then
    io.stderr:write("usage: embed.lua LIBRARY HOST PATH FILE...\n")
    os.exit(2)
end
local gwapi = ffi.load(arg[1])

local function check(result, what)
    if result ~= 0 then
        error(what .. ": " .. ffi.string(gwapi.gwapi_result_text(result)))
    end
end

-- A handle that a constructor makes, released when it is collected: keep the variable alive.
local function make(constructor, release, ...)
    local out = ffi.new("void *[1]")
    check(gwapi[constructor](out, ...), constructor)
    return ffi.gc(out[0], gwapi[release])
end

local function str(text)
    return text and ffi.new("gwapi_str", text, #text) or ffi.new("gwapi_str")
end

local function sized(type, members)
    local value = ffi.new(type, members)
    value.struct_size = ffi.sizeof(type)
    return value
end

local schema = make("gwapi_schema_new", "gwapi_schema_free", nil)
check(gwapi.gwapi_schema_add_builtin(schema, str(), STANDARD), "schema")
check(gwapi.gwapi_schema_seal(schema, nil, 0), "schema")
local resources = make("gwapi_resources_new", "gwapi_resources_free", schema, nil)
for i = 4, #arg do
    local file = assert(io.open(arg[i], "rb"))
    local content = file:read("*a")
    file:close()
    local source = sized("gwapi_source", { name = str(arg[i]), bytes = content, len = #content })
    check(gwapi.gwapi_resources_read(resources, source, nil), arg[i])
end
local topology = make("gwapi_topology_resolve", "gwapi_topology_release", resources, nil, nil)
local snapshot = make("gwapi_snapshot_compile", "gwapi_snapshot_release", topology, nil, nil)
local scratch = make("gwapi_scratch_new", "gwapi_scratch_free", snapshot, nil)

local host, path = arg[2], arg[3]
local arrival = sized("gwapi_arrival", { sni = str(host), port = 443, transport = TLS })
local request = sized("gwapi_request", { host = str(host), path = str(path) })
local connection, decision = sized("gwapi_connection", {}), sized("gwapi_decision", {})
check(gwapi.gwapi_accept(snapshot, scratch, arrival, connection), "accept")
check(gwapi.gwapi_match(snapshot, scratch, connection, request, decision), "match")
check(gwapi.gwapi_decision_pick_backend(decision, request, 1, nil), "pick")

-- Ask for the length, then for the text.
local length = ffi.new("size_t[1]")
gwapi.gwapi_decision_write_buffer(decision, request, str(), nil, 0, length)
local text = ffi.new("char[?]", tonumber(length[0]))
check(gwapi.gwapi_decision_write_buffer(decision, request, str(), text, length[0], length), "write")
print(ffi.string(text, length[0]))
