# The TLS policy in force, from the image. Knows no TLS library.
libgwapi_la_SOURCES += lib/tls/policy.c
