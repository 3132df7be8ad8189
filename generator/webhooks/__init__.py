"""Telling other programs what became of tasks: Standard Webhooks from an outbox.

The rows are `generator.models.WebhookDelivery`, written in the transaction that ends a task.
"""
