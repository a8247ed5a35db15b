dist_man_MANS += man/gatewayapi.1 man/gatewayapi-image.5 man/gatewayapi-rules.7 man/gatewayapi-test.5 \
	man/libgatewayapi.3
