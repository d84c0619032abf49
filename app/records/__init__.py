"""The papers: shipment files in, tables out, and answers written back."""
