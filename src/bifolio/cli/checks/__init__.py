"""What `bifolio doctor` looks at: one function a thing, each really tries it and names the fix."""
