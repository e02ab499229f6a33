import { checkCases, structProgram as struct } from "./testing/program.ts";

checkCases("tag options", [
  {
    name: "known ones",
    text: struct(
      'A string `json:"a,optional,options=x|y,default=x,inherit,env=A,example=1,omitempty,string"`',
    ),
    found: [],
  },
  { name: "unknown ones", text: struct('A int `json:"a,foo"`'), found: ["2:7 W-tag-option"] },
  { name: "unknown ones of other keys", text: struct('A int `validate:"min=1,foo"`'), found: [] },
  {
    name: "range of a string",
    text: struct('A string `json:"a,range=[1:2]"`'),
    found: ["2:10 E-tag-option"],
  },
  {
    name: "range of a slice",
    text: struct('A []int `json:"a,range=[1:2]"`'),
    found: ["2:9 E-tag-option"],
  },
  {
    name: "range of a pointer to a number",
    text: struct('A *float64 `json:"a,range=(0:1]"`'),
    found: [],
  },
  {
    name: "range that is none",
    text: struct('A int `json:"a,range=[2:1]"`'),
    found: ["2:7 E-tag-option"],
  },
  {
    name: "default out of range",
    text: struct('A int `json:"a,range=[1:5),default=5"`'),
    found: ["2:7 E-tag-option"],
  },
  {
    name: "default not among the options",
    text: struct('A string `form:"a,options=[x,y],default=z"`'),
    found: ["2:10 E-tag-option"],
  },
  {
    name: "default of another type",
    text: struct('A int `json:"a,default=x"`'),
    found: ["2:7 E-tag-option"],
  },
  {
    name: "default too large",
    text: struct('A int8 `json:"a,default=128"`'),
    found: ["2:8 E-tag-option"],
  },
  {
    name: "default of a bool",
    text: struct('A bool `json:"a,default=true"`\nB bool `json:"b,default=yes"`'),
    found: ["3:8 E-tag-option"],
  },
  {
    name: "default of a slice",
    text: struct(
      'A []int `json:"a,default=[1,2]"`\nB []int `json:"b,default=[1,x]"`\nC []int `json:"c,default=1"`',
    ),
    found: ["3:9 E-tag-option", "4:9 E-tag-option"],
  },
  {
    name: "default that is empty",
    text: struct('A string `json:"a,default="`\nB []int `json:"b,default=[]"`'),
    found: [],
  },
  {
    name: "options of another type",
    text: struct('A int `json:"a,options=1|x"`'),
    found: ["2:7 E-tag-option"],
  },
  {
    name: "options that are none",
    text: struct('A int `json:"a,options="`'),
    found: ["2:7 E-tag-option"],
  },
  {
    name: "an option without its value",
    text: struct('A int `json:"a,default"`'),
    found: ["2:7 E-tag-option"],
  },
  {
    name: "an option twice",
    text: struct('A int `json:"a,default=1,default=2"`'),
    found: ["2:7 E-tag-option"],
  },
  {
    name: "optional of nothing",
    text: struct('A int `json:"a,optional=!"`'),
    found: ["2:7 E-tag-option"],
  },
]);
