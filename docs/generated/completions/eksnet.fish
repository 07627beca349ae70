complete --keep-order --exclusive --command eksnet --arguments "(_EKSNET_COMPLETE=fish eksnet -- (commandline --current-process --tokenize --cut-at-cursor) (commandline --current-token))"
