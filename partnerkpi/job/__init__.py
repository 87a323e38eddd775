"""What is done every month: statuses carried on, what changed since the last workbook, and all steps in one."""
