"""Desks without the server: the tablet's page and worker, the sheet for a site without network, and what came."""
