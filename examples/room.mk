EXTRA_DIST += \
	examples/certificates.c examples/embed.c examples/embed.py examples/embed.lua \
	examples/mtls/client.c examples/mtls/common.h examples/mtls/make.sh \
	examples/mtls/manifests.yaml examples/mtls/server.c \
	examples/shop/00-namespaces.yaml examples/shop/10-gateway.yaml \
	examples/shop/15-certificate.yaml examples/shop/20-services.yaml \
	examples/shop/30-routes.yaml examples/shop/40-grants.yaml \
	examples/shop/mistakes/refused.yaml examples/shop/mistakes/unattached.yaml \
	examples/shop/requests.jsonl examples/shop/demo.sh
