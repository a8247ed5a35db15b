/* Memory that is going to be read, if the machine can be told. */
#ifndef GWAPI_BASE_ASK_H
#define GWAPI_BASE_ASK_H

/* No function: compilers leave out calls that only ask. */
#if defined(__GNUC__)
#define GWAPI__ASK_FOR(p) __builtin_prefetch(p)
#else
#define GWAPI__ASK_FOR(p) ((void)(p))
#endif

#endif
