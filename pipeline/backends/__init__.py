"""What several stages need to run other people's models: finding and loading them, devices, label maps, windows."""
