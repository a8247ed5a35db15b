// What the macros transformMap and transformMapEntry expand to, from Kubernetes 1.32 on.
#include "cel/library.h"

#define MAP &gwapi__cel_map_a_b

static const gwapi__cel_overload overloads[] = {
    {.function = "cel.@mapInsert", .id = "@mapInsert_map_key_value", .result = MAP,
     .params = {MAP, &gwapi__cel_a, &gwapi__cel_b}, .count = 3, .since = 32},
    {.function = "cel.@mapInsert", .id = "@mapInsert_map_map", .result = MAP,
     .params = {MAP, MAP}, .count = 2, .since = 32},
};

const gwapi__cel_library gwapi__cel_maps = {overloads, sizeof(overloads) / sizeof(overloads[0])};
