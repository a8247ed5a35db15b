/*
 * The current snapshot and each thread's reader of it.
 *
 * A reader holds a reference to what it returned last. To take another it announces the pointer
 * in its hazard, looks again whether that is still in force, retains it and withdraws the
 * announcement. A swap that finds the old pointer announced gives that reader a reference of its
 * own (it retains and puts DONATED in the hazard) before it lets the cell's reference go. So a
 * pointer that a reader may still retain is always alive, and nobody ever waits.
 *
 * Announcing before looking again, and replacing before looking for announcements, are
 * sequentially consistent: of a reader and a swap at the same time one sees the other.
 */
#include <stdatomic.h>
#include <stdbool.h>
#include "base/result.h"
#include "image/reader.h"

#define DONATED ((uintptr_t)1) /* no pointer: snapshots are aligned */

struct gwapi_reader {
    gwapi_cell *cell;
    gwapi_reader *next; /* does not change once the reader is in the list */
    atomic_uintptr_t hazard;
    atomic_uint in_use;
    const gwapi_snapshot *held; /* the reader's thread alone */
};

struct gwapi_cell {
    atomic_uintptr_t current;
    atomic_uintptr_t readers; /* only grows; a freed reader is used again */
    gwapi_allocator allocator;
};

static const gwapi_snapshot *snapshot_of(uintptr_t bits)
{
    return (const gwapi_snapshot *)bits;
}

static gwapi_reader *first_reader(gwapi_cell *cell)
{
    return (gwapi_reader *)atomic_load_explicit(&cell->readers, memory_order_acquire);
}

gwapi_result gwapi_cell_new(gwapi_cell **out, const gwapi_snapshot *snapshot,
                            const gwapi_allocator *allocator)
{
    gwapi_allocator a;

    if (out == NULL)
        return GWAPI_EARGUMENT;
    *out = NULL;
    GWAPI__TRY(gwapi__allocator_init(&a, allocator));
    gwapi_cell *cell = gwapi__alloc_array(&a, 1, sizeof *cell);
    if (cell == NULL)
        return GWAPI_ENOMEM;
    cell->allocator = a;
    atomic_init(&cell->current, (uintptr_t)gwapi_snapshot_retain(snapshot));
    atomic_init(&cell->readers, 0);
    *out = cell;
    return GWAPI_OK;
}

void gwapi_cell_free(gwapi_cell *cell)
{
    if (cell == NULL)
        return;
    gwapi_allocator allocator = cell->allocator;
    for (gwapi_reader *reader = first_reader(cell), *next; reader != NULL; reader = next) {
        next = reader->next;
        gwapi__free(&allocator, reader, sizeof *reader);
    }
    gwapi_snapshot_release(snapshot_of(atomic_load(&cell->current)));
    gwapi__free(&allocator, cell, sizeof *cell);
}

void gwapi_cell_swap(gwapi_cell *cell, const gwapi_snapshot *snapshot)
{
    uintptr_t old =
        atomic_exchange(&cell->current, (uintptr_t)gwapi_snapshot_retain(snapshot));

    if (old == 0)
        return;
    for (gwapi_reader *reader = first_reader(cell); reader != NULL; reader = reader->next) {
        uintptr_t announced = old;
        if (atomic_load(&reader->hazard) != old)
            continue;
        gwapi_snapshot_retain(snapshot_of(old));
        bool donated = atomic_compare_exchange_strong(&reader->hazard, &announced, DONATED);
        gwapi_snapshot_release(donated ? NULL : snapshot_of(old));
    }
    gwapi_snapshot_release(snapshot_of(old));
}

static gwapi_reader *reuse(gwapi_cell *cell)
{
    for (gwapi_reader *reader = first_reader(cell); reader != NULL; reader = reader->next) {
        unsigned free_reader = 0;
        if (atomic_compare_exchange_strong(&reader->in_use, &free_reader, 1))
            return reader;
    }
    return NULL;
}

gwapi_result gwapi_reader_new(gwapi_reader **out, gwapi_cell *cell)
{
    if (out == NULL)
        return GWAPI_EARGUMENT;
    *out = NULL;
    if (cell == NULL)
        return GWAPI_EARGUMENT;
    gwapi_reader *reader = reuse(cell);
    if (reader == NULL) {
        reader = gwapi__alloc_array(&cell->allocator, 1, sizeof *reader);
        if (reader == NULL)
            return GWAPI_ENOMEM;
        reader->cell = cell;
        atomic_init(&reader->hazard, 0);
        atomic_init(&reader->in_use, 1);
        uintptr_t first = atomic_load(&cell->readers);
        do
            reader->next = (gwapi_reader *)first;
        while (!atomic_compare_exchange_weak(&cell->readers, &first, (uintptr_t)reader));
    }
    *out = reader;
    return GWAPI_OK;
}

void gwapi_reader_free(gwapi_reader *reader)
{
    if (reader == NULL)
        return;
    gwapi_snapshot_release(reader->held);
    reader->held = NULL;
    atomic_store(&reader->in_use, 0);
}

/* A reference to the snapshot in force, or to one that was while we looked. */
static const gwapi_snapshot *take_current(gwapi_reader *reader)
{
    gwapi_cell *cell = reader->cell;
    bool retained, donated;
    uintptr_t seen;

    do {
        seen = atomic_load(&cell->current);
        if (seen == 0)
            return NULL;
        atomic_store(&reader->hazard, seen);
        retained = atomic_load(&cell->current) == seen;
        if (retained)
            gwapi_snapshot_retain(snapshot_of(seen));
        donated = atomic_exchange(&reader->hazard, 0) == DONATED;
    } while (!retained && !donated);
    if (retained && donated)
        gwapi_snapshot_release(snapshot_of(seen)); /* one of the two is enough */
    return snapshot_of(seen);
}

const gwapi_snapshot *gwapi_reader_get(gwapi_reader *reader)
{
    uintptr_t current = atomic_load_explicit(&reader->cell->current, memory_order_acquire);

    if (current == (uintptr_t)reader->held)
        return reader->held;
    const gwapi_snapshot *before = reader->held;
    reader->held = take_current(reader);
    gwapi_snapshot_release(before);
    return reader->held;
}
