#include "regex/engine.h"

#include <stdalign.h>

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

#include "regex/translate.h"

/* Contexts and match data; for the interpreter also its frames, the first 20 KiB and once their
 * double. */
#define SMALL_POOL ((size_t)2 * 1024)
#define FRAMES_KIB 40u
#define LARGE_POOL (SMALL_POOL + (size_t)(FRAMES_KIB + FRAMES_KIB / 2) * 1024)
#define ALIGNMENT alignof(max_align_t)

/* PCRE2 frees without telling the size: it stands before the block. */
typedef union header {
    size_t size;
    max_align_t align;
} header;

static void *engine_malloc(size_t size, void *ctx)
{
    gwapi__engine_memory *memory = ctx;
    header *block = NULL;

    if (gwapi__add(size, sizeof *block, &size))
        block = gwapi__alloc(&memory->allocator, size);
    if (block == NULL) {
        memory->failed = true;
        return NULL;
    }
    block->size = size;
    return block + 1;
}

static void engine_free(void *ptr, void *ctx)
{
    gwapi__engine_memory *memory = ctx;

    if (ptr != NULL) {
        header *block = (header *)ptr - 1;
        gwapi__free(&memory->allocator, block, block->size);
    }
}

/* NULL: PCRE2 has no room for it, or there was no memory, which memory.failed tells. */
static pcre2_code *compile_text(gwapi__engine *engine, pcre2_compile_context *context, gwapi_str text,
                                bool jit)
{
    uint32_t flags = PCRE2_UTF | PCRE2_DOTALL | PCRE2_ALT_CIRCUMFLEX | PCRE2_ANCHORED |
                     PCRE2_NO_UTF_CHECK | PCRE2_NEVER_BACKSLASH_C;
    int error;
    PCRE2_SIZE offset;
    pcre2_code *code = pcre2_compile((PCRE2_SPTR)text.data, text.len, flags, &error, &offset, context);

    // Without executable memory the interpreter serves; without any memory it is an error.
    if (code != NULL && (!jit || pcre2_jit_compile(code, PCRE2_JIT_COMPLETE) != 0))
        engine->jit = false;
    return code;
}

static gwapi_result compile(void **code, gwapi__engine *engine, pcre2_compile_context *context,
                            const gwapi__regex_node *root, const gwapi__engine_options *options,
                            bool full)
{
    gwapi__text text;

    gwapi__text_init(&text, &engine->memory.allocator);
    bool worth = gwapi__translate(&text, root, full && !options->ends, options->begins || full);
    if (worth && !text.failed)
        *code = compile_text(engine, context, gwapi__text_str(&text), options->jit);
    bool failed = text.failed || engine->memory.failed;
    gwapi__text_free(&text);
    return failed ? GWAPI_ENOMEM : GWAPI_OK;
}

static gwapi_result compile_both(gwapi__engine *engine, pcre2_general_context *general,
                                 const gwapi__regex_node *root,
                                 const gwapi__engine_options *options)
{
    pcre2_compile_context *context = pcre2_compile_context_create(general);
    gwapi_result result = context != NULL ? GWAPI_OK : GWAPI_ENOMEM;
    bool same = options->begins && options->ends;

    if (result == GWAPI_OK) {
        pcre2_set_newline(context, PCRE2_NEWLINE_LF);
        if (options->full || same)
            result = compile(&engine->full, engine, context, root, options, true);
    }
    if (result == GWAPI_OK && same)
        engine->search = engine->full;
    else if (result == GWAPI_OK && options->search)
        result = compile(&engine->search, engine, context, root, options, false);
    pcre2_compile_context_free(context);
    return result;
}

gwapi_result gwapi__engine_init(gwapi__engine *engine, const gwapi_allocator *allocator,
                                const gwapi__regex_node *root,
                                const gwapi__engine_options *options)
{
    *engine = (gwapi__engine){.memory = {*allocator, false}, .jit = options->jit,
                              .states = (uint32_t)root->states + 1};
    pcre2_general_context *general =
        pcre2_general_context_create(engine_malloc, engine_free, &engine->memory);
    if (general == NULL)
        return GWAPI_ENOMEM;
    gwapi_result result = compile_both(engine, general, root, options);
    pcre2_general_context_free(general);
    return result;
}

void gwapi__engine_free(gwapi__engine *engine)
{
    if (engine->search != engine->full)
        pcre2_code_free(engine->search);
    pcre2_code_free(engine->full);
    engine->search = engine->full = NULL;
}

size_t gwapi__engine_size(const gwapi__engine *engine)
{
    if (engine->search == NULL && engine->full == NULL)
        return 0;
    return engine->jit ? SMALL_POOL : LARGE_POOL;
}

/* Memory that is handed out once and taken back as a whole. */
typedef struct pool {
    unsigned char *cursor;
    size_t left;
} pool;

static void *pool_malloc(size_t size, void *ctx)
{
    pool *p = ctx;

    if (size > p->left - p->left % ALIGNMENT)
        return NULL;
    size = (size + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    void *block = p->cursor;
    p->cursor += size;
    p->left -= size;
    return block;
}

static void pool_free(void *ptr, void *ctx)
{
    (void)ptr;
    (void)ctx;
}

/* How often PCRE2 may try before the simulation is the better one to ask: a try may run through
 * the whole text, so that this times the text is length x states again. */
static uint32_t most_tries(const gwapi__engine *engine, size_t length)
{
    return 256 + 8 * engine->states + (uint32_t)(length < 1024 ? length : 1024);
}

gwapi__engine_answer gwapi__engine_run(const gwapi__engine *engine, const void *code, void *memory,
                                       size_t size, gwapi_str text)
{
    pool p = {memory, size};
    pcre2_general_context *general = pcre2_general_context_create(pool_malloc, pool_free, &p);
    pcre2_match_context *context = general != NULL ? pcre2_match_context_create(general) : NULL;
    pcre2_match_data *data = context != NULL ? pcre2_match_data_create(1, general) : NULL;

    if (data == NULL)
        return GWAPI__ENGINE_GAVE_UP;
    pcre2_set_match_limit(context, most_tries(engine, text.len));
    pcre2_set_heap_limit(context, FRAMES_KIB);
    PCRE2_SPTR subject = (PCRE2_SPTR)text.data;
    int found = engine->jit
                    ? pcre2_jit_match(code, subject, text.len, 0, 0, data, context)
                    : pcre2_match(code, subject, text.len, 0, PCRE2_NO_UTF_CHECK, data, context);
    if (found == PCRE2_ERROR_NOMATCH)
        return GWAPI__ENGINE_MISS;
    return found >= 0 ? GWAPI__ENGINE_MATCH : GWAPI__ENGINE_GAVE_UP;
}
