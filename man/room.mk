dist_man_MANS += man/gatewayapi.1 man/libgatewayapi.3
