/* One call of gwapi_resources_read from the inside. */
#ifndef GWAPI_MODEL_READING_H
#define GWAPI_MODEL_READING_H

#include "base/report.h"
#include "doc/stream.h"
#include "model/set.h"
#include "schema/judge.h"

typedef struct gwapi__reading {
    gwapi_resources *resources;
    gwapi_source source;
    gwapi_report *report; /* may be NULL */
    gwapi__stream *stream;
    gwapi__arena arena; /* of the document at hand */
    gwapi__set batch;   /* what goes into the set at the end */
    gwapi__arena identities; /* of what a dry run remembers of objects it need not decode */
    size_t fresh;       /* objects of it that replace none */
    bool stored, dry;
    bool paired; /* the one document is an update of the one earlier object */
    bool refused, unreadable, limited; /* some document was */
} gwapi__reading;

typedef enum gwapi__document_class {
    GWAPI__CLASS_SKIPPED = 0, /* to be left out */
    GWAPI__CLASS_KNOWN,       /* the schema judges it */
    GWAPI__CLASS_CORE,        /* routing needs it, no schema is needed */
    GWAPI__CLASS_OTHER        /* nobody knows it: it can be referred to, no more */
} gwapi__document_class;

typedef struct gwapi__document {
    gwapi__reading *reading;
    gwapi__doc doc;
    uint32_t index; /* in the report */
    gwapi__document_class class;
    gwapi_str api_version;
    gwapi__kind_info info; /* of OTHER: taken for namespaced */
    const gwapi__kind *known;
    size_t errors;
    gwapi_verdict verdict;
} gwapi__document;

/* Adds a diagnostic to the report; file, document and excerpt are filled in here. */
gwapi_result gwapi__reading_tell(gwapi__reading *r, const gwapi__document *d,
                                 const gwapi_diagnostic *diagnostic);

/* Finds kind and class; the verdict becomes UNREADABLE for what is no object, and errors are
 * counted for an object without kind or version. */
gwapi_result gwapi__document_classify(gwapi__reading *r, gwapi__document *d);
/* Says what is to be said of a kind that is not known: an error if the caller wants it so. What
 * cannot even be referred to becomes SKIPPED. */
gwapi_result gwapi__document_tell_unknown(gwapi__reading *r, gwapi__document *d);
/* Warns of a version that is on its way out, as the server does. */
gwapi_result gwapi__document_tell_deprecated(gwapi__reading *r, gwapi__document *d);
/* The tree's `metadata`, NULL without. */
const gwapi__node *gwapi__document_metadata(const gwapi__document *d);
/* Tells the report the identity. */
gwapi_result gwapi__document_identify(gwapi__reading *r, const gwapi__document *d);
/* The earlier object's tree, NULL without one. */
const gwapi__node *gwapi__document_old(const gwapi__reading *r, const gwapi__document *d);
/* Takes the resource into the batch, which has room, and warns if it replaces another. */
gwapi_result gwapi__reading_add(gwapi__reading *r, gwapi__document *d,
                                gwapi__resource *resource);

#endif
