#include "support.h"

#include <string.h>

static void expect_round_trip(const gwapi__node *root, const char *label)
{
    gwapi_allocator allocator;
    gwapi__text yaml, json;
    reading back;

    gwapi__allocator_init(&allocator, NULL);
    gwapi__text_init(&yaml, &allocator);
    gwapi__text_init(&json, &allocator);
    gwapi__node_write_yaml(&yaml, root);
    gwapi__node_write_json(&json, root);
    read_str(&back, gwapi__text_str(&yaml), GWAPI_FORMAT_YAML, NULL);
    cr_expect(back.doc.root != NULL && gwapi__node_equal(back.doc.root, root), "%s:\n%.*s",
              label, GWAPI__FMT(gwapi__text_str(&yaml)));
    read_done(&back);
    read_str(&back, gwapi__text_str(&json), GWAPI_FORMAT_JSON, NULL);
    cr_expect(back.doc.root != NULL && gwapi__node_equal(back.doc.root, root), "%s: %.*s",
              label, GWAPI__FMT(gwapi__text_str(&json)));
    read_done(&back);
    gwapi__text_free(&yaml);
    gwapi__text_free(&json);
}

Test(doc_write, yaml_looks_as_kubectl_prints_it)
{
    static const struct {
        const char *json;
        const char *yaml;
    } rows[] = {
        {"{\"a\":1,\"b\":{\"c\":[\"d\",{\"e\":true,\"f\":null}]},\"g\":[],\"h\":{}}",
         "a: 1\nb:\n  c:\n  - d\n  - e: true\n    f: null\ng: []\nh: {}\n"},
        {"[[1,[2]],[]]", "- - 1\n  - - 2\n- []\n"},
        {"{\"a\":\"x\\ny\\n\",\"b\":[\"x\\ny\"],\"c\":{\"d\":\"x\\n\\n\"}}",
         "a: |\n  x\n  y\nb:\n- |-\n  x\n  y\nc:\n  d: |+\n    x\n\n"},
        {"{\"a\":\"yes\",\"b\":\"1\",\"c\":\"a: b\",\"d\":\"*.x.com\",\"e\":\"/x?y=1#z\"}",
         "a: \"yes\"\nb: \"1\"\nc: \"a: b\"\nd: \"*.x.com\"\ne: /x?y=1#z\n"},
        {"{\"a\":\"\",\"b\":\" x\",\"c\":\"x:\",\"d\":\"-\",\"e\":\"-x\",\"f\":\"a #b\"}",
         "a: \"\"\nb: \" x\"\nc: \"x:\"\nd: \"-\"\ne: -x\nf: \"a #b\"\n"},
        {"{\"1\":\"1.5\",\"y\":\"0x1\",\"2001-01-01\":\"1:30\"}",
         "\"1\": \"1.5\"\n\"y\": \"0x1\"\n\"2001-01-01\": \"1:30\"\n"},
        {"[1.5,1e21,1e-7,100000000000000000000,1e300]",
         "- 1.5\n- 1.0e+21\n- 1.0e-7\n- 100000000000000000000\n- 1.0e+300\n"},
        {"{\"a\":\"\\u0000\\u0085\\u2028\\ufeff\\t\\\"\\\\\"}",
         "a: \"\\u0000\\u0085\\u2028\\ufeff\\t\\\"\\\\\"\n"},
        {"\"x\\ny\"", "|-\n  x\n  y\n"},
    };

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        reading r;
        gwapi__text yaml;
        read_str(&r, gwapi__str_of(rows[i].json), GWAPI_FORMAT_JSON, NULL);
        gwapi__text_init(&yaml, &r.allocator);
        gwapi__node_write_yaml(&yaml, r.doc.root);
        cr_expect(gwapi__str_eq(gwapi__text_str(&yaml), gwapi__str_of(rows[i].yaml)),
                  "%s: got\n%.*s", rows[i].json, GWAPI__FMT(gwapi__text_str(&yaml)));
        expect_round_trip(r.doc.root, rows[i].json);
        gwapi__text_free(&yaml);
        read_done(&r);
    }
}

Test(doc_write, every_string_is_read_back)
{
    static const char alphabet[] = "a1-:?#,[]{}&*!|>'\"%@`=~<._ +\n\t\\y0x\xc3\xa9";
    gwapi_allocator allocator;
    gwapi__arena arena;
    uint64_t seed = 1;

    gwapi__allocator_init(&allocator, NULL);
    gwapi__arena_init(&arena, &allocator);
    for (int i = 0; i < 20000; i++) {
        char text[8];
        size_t len = 0;
        gwapi__arena_reset(&arena);
        for (size_t n = (size_t)i % 6; len < n; len++) {
            seed = seed * UINT64_C(6364136223846793005) + 1442695040888963407u;
            text[len] = alphabet[(seed >> 33) % (sizeof alphabet - 1)];
            if (((unsigned char)text[len] & 0xc0) != 0 && (unsigned char)text[len] >= 0x80) {
                text[len] = '\xc3';
                text[++len] = '\xa9';
            } else if ((unsigned char)text[len] >= 0x80)
                text[len] = 'z';
        }
        gwapi__node *map = gwapi__node_new(&arena, GWAPI__NODE_MAP, (gwapi__place){0, 0});
        gwapi__node *value = gwapi__node_string(&arena, gwapi__str(text, len), map->place);
        gwapi__node *list = gwapi__node_new(&arena, GWAPI__NODE_LIST, map->place);
        cr_assert(gwapi__node_push(&arena, list, value));
        cr_assert(gwapi__node_set(&arena, map, GWAPI__STR("k"), map->place, value));
        cr_assert(gwapi__node_set(&arena, map, value->as.string, map->place, value));
        cr_assert(gwapi__node_set(&arena, map, GWAPI__STR("l"), map->place, list));
        expect_round_trip(map, "string");
    }
    gwapi__arena_free(&arena);
}

Test(doc_write, long_keys_are_read_back)
{
    char key[3000];
    gwapi_allocator allocator;
    gwapi__arena arena;

    memset(key, 'k', sizeof key);
    gwapi__allocator_init(&allocator, NULL);
    gwapi__arena_init(&arena, &allocator);
    gwapi__node *map = gwapi__node_new(&arena, GWAPI__NODE_MAP, (gwapi__place){0, 0});
    gwapi__node *inner = gwapi__node_new(&arena, GWAPI__NODE_MAP, map->place);
    cr_assert(gwapi__node_set(&arena, inner, gwapi__str(key, 2000), map->place,
                              gwapi__node_string(&arena, GWAPI__STR("a\nb\n"), map->place)));
    cr_assert(gwapi__node_set(&arena, map, gwapi__str(key, sizeof key), map->place, inner));
    expect_round_trip(map, "long key");
    gwapi__arena_free(&arena);
}
