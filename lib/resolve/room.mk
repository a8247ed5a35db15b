# Sources of this room.
libgwapi_la_SOURCES += \
	lib/resolve/ancestor.c lib/resolve/attach.c \
	lib/resolve/backend.c \
	lib/resolve/bindings.c \
	lib/resolve/causes.c lib/resolve/causes.h \
	lib/resolve/certificate.c lib/resolve/certificate.h \
	lib/resolve/change.c \
	lib/resolve/conflict.c \
	lib/resolve/defaultgw.c \
	lib/resolve/explain.c lib/resolve/explain.h \
	lib/resolve/explain_read.c lib/resolve/explain_write.c \
	lib/resolve/features.c lib/resolve/features.h \
	lib/resolve/frame.c \
	lib/resolve/gateway.c \
	lib/resolve/gatewayclass.c \
	lib/resolve/grant.c lib/resolve/grant.h \
	lib/resolve/hostname.c lib/resolve/hostname.h \
	lib/resolve/index.c lib/resolve/index.h \
	lib/resolve/listener.c \
	lib/resolve/listenerset.c \
	lib/resolve/mesh.c \
	lib/resolve/message.c lib/resolve/message.h \
	lib/resolve/object_status.c \
	lib/resolve/parentref.c \
	lib/resolve/part.c lib/resolve/part.h \
	lib/resolve/policy.c \
	lib/resolve/read.c \
	lib/resolve/record.c lib/resolve/record.h \
	lib/resolve/resolver.h \
	lib/resolve/rule.c \
	lib/resolve/selector.c lib/resolve/selector.h \
	lib/resolve/sequence.c lib/resolve/sequence.h \
	lib/resolve/status.c lib/resolve/status.h \
	lib/resolve/status_tree.c \
	lib/resolve/stored.c \
	lib/resolve/tls.c lib/resolve/topology.c lib/resolve/topology.h \
	lib/resolve/write.c
