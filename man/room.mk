dist_man_MANS += man/libgatewayapi.3
