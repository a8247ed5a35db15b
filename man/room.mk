dist_man_MANS += man/gatewayapi.1
