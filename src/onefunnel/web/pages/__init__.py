"""The pages, one folder each: ``urls`` names its addresses, ``views`` answers them."""
