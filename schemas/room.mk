# The kinds of Gateway API v1.4, as data; lib/schema compiles them in.
gateway_schemas = \
	schemas/v1.4/shared.yaml \
	schemas/v1.4/gatewayclass.yaml \
	schemas/v1.4/gateway.yaml \
	schemas/v1.4/httproute.yaml \
	schemas/v1.4/grpcroute.yaml \
	schemas/v1.4/tlsroute.yaml \
	schemas/v1.4/tcproute.yaml \
	schemas/v1.4/udproute.yaml \
	schemas/v1.4/referencegrant.yaml \
	schemas/v1.4/backendtlspolicy.yaml \
	schemas/v1.4/xlistenerset.yaml \
	schemas/v1.4/xbackendtrafficpolicy.yaml \
	schemas/v1.4/xmesh.yaml

EXTRA_DIST += schemas/v1.4/README.md schemas/v1.4/rules.yaml $(gateway_schemas)
