# Filled by this folder.
