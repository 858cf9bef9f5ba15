"""What a lecture asks of one step: the chain rule, the microscope, the exercises."""
