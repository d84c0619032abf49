"""Precursor screening of shipment and export records."""
