"""From a Doc to what users load: records, and the formats made of them."""
