"""Quotes and invoices for parcels."""
