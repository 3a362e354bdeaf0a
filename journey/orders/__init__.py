"""Orders: stock, carts, changes, returns, refunds and the shop's policies."""
