"""WooCommerce, over its REST API v3."""
