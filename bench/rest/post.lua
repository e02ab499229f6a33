wrk.method = "POST"
wrk.body = '{"customer":"anna","items":[{"sku":"a","count":1},{"sku":"b","count":5}]}'
wrk.headers["Content-Type"] = "application/json"
