"""What breaks around the studio - disks, databases, clocks, processes, providers - and what a person must see and be charged then."""
