window.ours = 1;
