"""Score predictions against hand annotations: counts, one scorer a layer, intervals, reports."""
