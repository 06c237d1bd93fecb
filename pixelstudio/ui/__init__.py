"""The pages: Reflex states and components. A state reads its vars, makes one feature call and assigns a view; nothing else."""
