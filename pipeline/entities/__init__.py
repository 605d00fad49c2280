"""Entity sources, one file each, and the stage that merges what they find."""
