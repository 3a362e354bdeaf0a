"""Catalogues as shops have them: product feeds and exports, read row by row."""
