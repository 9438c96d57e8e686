// With a file in assembly, functions need no bodies: nothing is known of what they do.
